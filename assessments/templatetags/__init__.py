"""What templates of assessments may ask for."""
