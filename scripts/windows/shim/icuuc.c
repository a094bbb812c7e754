/* Qt asks Windows' ICU for encodings beyond Unicode and Latin-1. This one has none, as before Windows 10 1903. */
#define OFFERED __declspec(dllexport)
#define ANSWERS_NOTHING(name) OFFERED int name(void) { return 0; }

enum { UNSUPPORTED = 16 };

OFFERED void *ucnv_open(const char *name, int *error) { *error = UNSUPPORTED; return 0; }
OFFERED const char *ucnv_getName(void *converter, int *error) { *error = UNSUPPORTED; return ""; }
OFFERED const char *ucnv_getStandardName(const char *name, const char *standard, int *error) {
    *error = UNSUPPORTED;
    return 0;
}
OFFERED signed char ucnv_getMaxCharSize(void *converter) { return 4; }
OFFERED const char *ucnv_getAvailableName(int number) { return 0; }
OFFERED void ucnv_close(void *converter) {}
OFFERED void ucnv_reset(void *converter) {}
OFFERED void UCNV_FROM_U_CALLBACK_SUBSTITUTE(void) {}
OFFERED void UCNV_TO_U_CALLBACK_SUBSTITUTE(void) {}

ANSWERS_NOTHING(ucnv_countAvailable)
ANSWERS_NOTHING(ucnv_cbFromUWriteUChars)
ANSWERS_NOTHING(ucnv_cbToUWriteUChars)
ANSWERS_NOTHING(ucnv_fromUCountPending)
ANSWERS_NOTHING(ucnv_toUCountPending)
ANSWERS_NOTHING(ucnv_fromUnicode)
ANSWERS_NOTHING(ucnv_toUnicode)
ANSWERS_NOTHING(ucnv_getFromUCallBack)
ANSWERS_NOTHING(ucnv_getToUCallBack)
ANSWERS_NOTHING(ucnv_setFromUCallBack)
ANSWERS_NOTHING(ucnv_setToUCallBack)
