"""Crawling the sources' sites. Rules are data; what is fetched enters through ``intake``."""
