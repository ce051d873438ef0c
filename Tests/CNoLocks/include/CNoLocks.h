// Nothing is called from here: the library takes the place of fcntl and flock.
