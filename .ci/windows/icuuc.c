/* Wine 8 lacks icuuc.dll, which Windows 10 has; Qt asks it for exotic text encodings. "No such converter" is a legal answer to each. Never shipped. */
#define EXPORT __declspec(dllexport)
#define NO_CONVERTER 4 /* U_FILE_ACCESS_ERROR */

EXPORT void *ucnv_open(const char *name, int *error) { if (error) *error = NO_CONVERTER; return 0; }
EXPORT int ucnv_countAvailable(void) { return 0; }
EXPORT const char *ucnv_getAvailableName(int number) { return 0; }
EXPORT const char *ucnv_getStandardName(const char *name, const char *standard, int *error) { if (error) *error = NO_CONVERTER; return 0; }
EXPORT const char *ucnv_getName(void *converter, int *error) { return 0; }
EXPORT signed char ucnv_getMaxCharSize(void *converter) { return 1; }
EXPORT int ucnv_toUCountPending(void *converter, int *error) { return 0; }
EXPORT int ucnv_fromUCountPending(void *converter, int *error) { return 0; }
#define NOTHING(name) EXPORT void name(void) {}
NOTHING(ucnv_close) NOTHING(ucnv_reset) NOTHING(ucnv_getToUCallBack) NOTHING(ucnv_getFromUCallBack)
NOTHING(ucnv_setToUCallBack) NOTHING(ucnv_setFromUCallBack) NOTHING(ucnv_cbToUWriteUChars) NOTHING(ucnv_cbFromUWriteUChars)
NOTHING(ucnv_toUnicode) NOTHING(ucnv_fromUnicode) NOTHING(UCNV_FROM_U_CALLBACK_SUBSTITUTE) NOTHING(UCNV_TO_U_CALLBACK_SUBSTITUTE)
int __stdcall DllMain(void *module, unsigned reason, void *reserved) { return 1; }
