"""What the screens of the console show: pure functions of a reader."""
