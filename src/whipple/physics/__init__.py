"""What are the laws and the constants that every question rests on?"""
