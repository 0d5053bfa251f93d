"""The public site: Flask, server-rendered, whole without JavaScript.

May import ``search`` and nothing of ``indexer`` (only a later ``webapp/editor/`` may).
"""
