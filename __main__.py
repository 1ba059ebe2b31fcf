"""`python -m palaestra`: the command line."""

from .command_line.app import main

if __name__ == "__main__":
    main()
