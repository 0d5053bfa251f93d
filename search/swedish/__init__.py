"""Swedish: what a word is, and which words are the same word. Pure; knows no index."""
