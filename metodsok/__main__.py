"""``python -m metodsok``: how site and worker are started as children."""

from metodsok import main

if __name__ == "__main__":
    main()
