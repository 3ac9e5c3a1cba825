"""DITA and DocBook files as web pages: their elements, their tables, maps of topics, and the reader."""
