"""Reading spreadsheets (.xlsx) that strangers made: judged before unpacked, read within limits."""
