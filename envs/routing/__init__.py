"""Tables of prompts and models: reading, making, features of prompts, and the utilities they give."""
