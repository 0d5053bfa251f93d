"""``metodsok benchmark``: our index beside its peers, in one run, on the same documents.

Engines take turns question by question, so that a busy machine is busy for all of them: compare
the ratios, not the seconds. ``registry`` knows the engines, ``run`` has the run, ``report`` what
comes of it. Nothing is imported here: how fast a process starts is one of the figures.
"""
