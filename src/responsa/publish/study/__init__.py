"""Study aids: flashcards of each subject and sheets to print, made beside the pages; nothing of it needs a server."""
