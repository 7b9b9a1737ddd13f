"""`python -m whipple`."""

from whipple.cli import main

if __name__ == "__main__":
    main()
