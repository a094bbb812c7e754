/* Complex functions of C99, which Wine 8's ucrtbase names but lacks. In Windows' own layout a complex number is a
   structure, and a long double is a double. */
#include <complex.h>
#undef I

typedef struct { float real, imaginary; } Single;
typedef struct { double real, imaginary; } Double;

#define READ(complex_number, structure) \
    __real__ complex_number = structure.real; \
    __imag__ complex_number = structure.imaginary

static inline float complex from_single(Single z) { float complex r; READ(r, z); return r; }
static inline double complex from_double(Double z) { double complex r; READ(r, z); return r; }
static inline Single to_single(float complex z) { return (Single){__real__ z, __imag__ z}; }
static inline Double to_double(double complex z) { return (Double){__real__ z, __imag__ z}; }

#define GIVES_COMPLEX(name) \
    Single own_##name##f(Single z) { return to_single(name##f(from_single(z))); } \
    Double own_##name(Double z) { return to_double(name(from_double(z))); } \
    Double own_##name##l(Double z) { return to_double(name(from_double(z))); }
#define GIVES_REAL(name) \
    float own_##name##f(Single z) { return name##f(from_single(z)); } \
    double own_##name(Double z) { return name(from_double(z)); } \
    double own_##name##l(Double z) { return name(from_double(z)); }

GIVES_COMPLEX(ccos) GIVES_COMPLEX(csin) GIVES_COMPLEX(ctan)
GIVES_COMPLEX(ccosh) GIVES_COMPLEX(csinh) GIVES_COMPLEX(ctanh)
GIVES_COMPLEX(cacos) GIVES_COMPLEX(casin) GIVES_COMPLEX(catan)
GIVES_COMPLEX(cacosh) GIVES_COMPLEX(casinh) GIVES_COMPLEX(catanh)
GIVES_COMPLEX(cexp) GIVES_COMPLEX(clog) GIVES_COMPLEX(csqrt) GIVES_COMPLEX(conj)
GIVES_REAL(cabs) GIVES_REAL(carg) GIVES_REAL(creal) GIVES_REAL(cimag)

Single own_cpowf(Single a, Single b) { return to_single(cpowf(from_single(a), from_single(b))); }
Double own_cpow(Double a, Double b) { return to_double(cpow(from_double(a), from_double(b))); }
Double own_cpowl(Double a, Double b) { return own_cpow(a, b); }
