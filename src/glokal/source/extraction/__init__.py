"""Text extraction: PDF, DOCX and text as blocks in reading order, and as passages.

In come the bytes of a document; out come its text, the passages with their offsets,
where each stands on its page, and what the reading was unsure of.
"""
