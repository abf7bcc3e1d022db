"""The workbook that goes out and comes back: its layout, writing it, reading it safely."""
