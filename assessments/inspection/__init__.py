"""What a file is made of, judged without trusting it; runs in a process of its own.

Nothing here knows of Django: the process that looks into a stranger's file holds no settings, no
secret and no connection.
"""
