"""``make bench-http``: the site over HTTP, as in production, under a load that does not wait.

The site runs in processes of its own (``site`` by one of ``servers``), and so does who asks it
(``load``); both share the machine's cores. ``phases`` has what is measured, ``report`` what came of
it, ``inside`` where a request's time goes beside the search. What a page holds is looked at in
every answer: an error page that comes fast is an error.
"""
