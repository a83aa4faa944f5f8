"""What mends a library: rules that propose repairs, and what carries them out so that they can be taken back."""
