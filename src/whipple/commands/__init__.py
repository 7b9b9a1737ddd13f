"""What can be asked from the command line? One file a command group."""
