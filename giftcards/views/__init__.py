"""The pages of gift cards. They authorise, call one verb, and render."""
