"""The page on which a reply is checked."""
