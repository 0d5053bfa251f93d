"""From manuscripts to the bundled collection: one module a kind of file.

``markup`` reads a body, ``manuscripts`` a whole manuscript; ``html_shapes``, ``pdf`` and ``word``
each turn one into bytes. The same manuscript gives the same bytes on every machine, so nothing
here may ask the clock, the platform or chance.
"""
