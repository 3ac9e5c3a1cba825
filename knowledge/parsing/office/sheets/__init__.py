"""What an Excel file says beside the plain values of its cells."""
