"""What the commands of `palaestra` print, draw and read from their options."""
