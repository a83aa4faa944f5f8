"""Who may write: users with their passwords, sessions, and what keeps a stranger's page from using them."""
