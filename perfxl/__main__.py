"""`python -m perfxl`: the command line without the console script."""

from perfxl.cli import main

if __name__ == "__main__":
    main()
