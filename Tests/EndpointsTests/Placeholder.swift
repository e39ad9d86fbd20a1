// The tests of this room come with it.
