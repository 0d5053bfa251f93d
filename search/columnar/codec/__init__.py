"""Where Whoosh and the columns meet: its codec, its matchers, its writers."""
