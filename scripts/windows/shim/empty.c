/* For a DLL that only passes names on to another: a compiler wants some source. */
int unused;
