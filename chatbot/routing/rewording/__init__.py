"""A question put into other words before it is searched: by the chat model, or without one word for word into English."""
