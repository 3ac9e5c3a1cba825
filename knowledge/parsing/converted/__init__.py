"""Formats that are turned into web pages or mails and read as those: Markdown, RTF, DITA and DocBook, Outlook mail."""
