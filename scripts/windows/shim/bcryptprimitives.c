/* Random bytes for cryptography: Windows 10's call, by one that older systems have too. */
#define MOST_AT_ONCE 0x10000000

__declspec(dllimport) unsigned char SystemFunction036(void *bytes, unsigned long count);

__declspec(dllexport) int ProcessPrng(unsigned char *bytes, unsigned long long count) {
    while (count) {
        unsigned long part = count > MOST_AT_ONCE ? MOST_AT_ONCE : (unsigned long)count;
        if (!SystemFunction036(bytes, part)) return 0;
        bytes += part;
        count -= part;
    }
    return 1;
}
