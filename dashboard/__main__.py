"""`python -m dashboard` is the command `gongkai`."""

from dashboard.cli import main

main()
