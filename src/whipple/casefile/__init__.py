"""What did people give us, and what do we hand back?"""
