// Streamlit leaves an address of its own behind when a screen opens another one with filters (frame.go): step over it.
history.back();
