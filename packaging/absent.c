// Stand-ins for libcurl and ICU, which Debian's cfitsio and libxml2 can use and xmdb never does: cfitsio is given files by
// name or in memory, never addresses; libxml2 writes UTF-8, never other character sets. Each says that it is not there.
#include <stddef.h>

int curl_global_init(long flags);
int curl_global_init(long flags) { return (void)flags, 2; }  // CURLE_FAILED_INIT
void curl_global_cleanup(void);
void curl_global_cleanup(void) {}
void *curl_easy_init(void);
void *curl_easy_init(void) { return NULL; }
int curl_easy_setopt(void *handle, int option, ...);
int curl_easy_setopt(void *handle, int option, ...) { return (void)handle, (void)option, 2; }
int curl_easy_perform(void *handle);
int curl_easy_perform(void *handle) { return (void)handle, 2; }
void curl_easy_cleanup(void *handle);
void curl_easy_cleanup(void *handle) { (void)handle; }

// ICU's header adds its version to the names, as it does for libxml2.
#include <unicode/ucnv.h>

UConverter *ucnv_open(const char *name, UErrorCode *code) { return (void)name, *code = U_FILE_ACCESS_ERROR, NULL; }
void ucnv_close(UConverter *converter) { (void)converter; }
void ucnv_setToUCallBack(
    UConverter *converter, UConverterToUCallback action, const void *context, UConverterToUCallback *old_action,
    const void **old_context, UErrorCode *code) {
  (void)converter, (void)action, (void)context, (void)old_action, (void)old_context;
  *code = U_FILE_ACCESS_ERROR;
}
void ucnv_setFromUCallBack(
    UConverter *converter, UConverterFromUCallback action, const void *context, UConverterFromUCallback *old_action,
    const void **old_context, UErrorCode *code) {
  (void)converter, (void)action, (void)context, (void)old_action, (void)old_context;
  *code = U_FILE_ACCESS_ERROR;
}
void UCNV_TO_U_CALLBACK_STOP(
    const void *context, UConverterToUnicodeArgs *arguments, const char *units, int32_t length,
    UConverterCallbackReason reason, UErrorCode *code) {
  (void)context, (void)arguments, (void)units, (void)length, (void)reason, (void)code;
}
void UCNV_FROM_U_CALLBACK_STOP(
    const void *context, UConverterFromUnicodeArgs *arguments, const UChar *units, int32_t length, UChar32 point,
    UConverterCallbackReason reason, UErrorCode *code) {
  (void)context, (void)arguments, (void)units, (void)length, (void)point, (void)reason, (void)code;
}
void ucnv_convertEx(
    UConverter *to, UConverter *from, char **target, const char *target_end, const char **source,
    const char *source_end, UChar *pivot_start, UChar **pivot_source, UChar **pivot_target, const UChar *pivot_end,
    UBool reset, UBool flush, UErrorCode *code) {
  (void)to, (void)from, (void)target, (void)target_end, (void)source, (void)source_end, (void)pivot_start;
  (void)pivot_source, (void)pivot_target, (void)pivot_end, (void)reset, (void)flush;
  *code = U_FILE_ACCESS_ERROR;
}
