"""The order page's forms. They parse; the verbs decide."""
