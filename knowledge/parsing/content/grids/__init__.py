"""Tables before they are text: their cells, which of their rows are heads, and the grids that ruling lines make."""
