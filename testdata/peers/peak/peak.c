// peak: FMA register peak, OpenBLAS cblas_sgemm, oneDNN dnnl_sgemm. usage: peak NTHREADS
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <math.h>
#include <omp.h>
#include <immintrin.h>
#include <cblas.h>
#include <dnnl.h>
extern void openblas_set_num_threads(int); extern char* openblas_get_corename(void); extern char* openblas_get_config(void);
static double now(void){struct timespec t;clock_gettime(CLOCK_MONOTONIC,&t);return t.tv_sec+1e-9*t.tv_nsec;}
static float sink[64];
__attribute__((target("avx512f"))) static double fma512(int nt,double secs){ double fl=0,t0=now();
  #pragma omp parallel num_threads(nt) reduction(+:fl)
  { __m512 a0=_mm512_set1_ps(0e-3f);__m512 a1=_mm512_set1_ps(1e-3f);__m512 a2=_mm512_set1_ps(2e-3f);__m512 a3=_mm512_set1_ps(3e-3f);__m512 a4=_mm512_set1_ps(4e-3f);__m512 a5=_mm512_set1_ps(5e-3f);__m512 a6=_mm512_set1_ps(6e-3f);__m512 a7=_mm512_set1_ps(7e-3f);__m512 a8=_mm512_set1_ps(8e-3f);__m512 a9=_mm512_set1_ps(9e-3f);__m512 a10=_mm512_set1_ps(10e-3f);__m512 a11=_mm512_set1_ps(11e-3f);__m512 a12=_mm512_set1_ps(12e-3f);__m512 a13=_mm512_set1_ps(13e-3f);__m512 a14=_mm512_set1_ps(14e-3f);__m512 a15=_mm512_set1_ps(15e-3f); __m512 b=_mm512_set1_ps(0.999f),c=_mm512_set1_ps(1e-6f);
    double n=0; do{ for(int k=0;k<100000;k++){ __asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a0):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a1):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a2):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a3):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a4):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a5):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a6):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a7):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a8):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a9):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a10):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a11):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a12):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a13):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a14):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a15):"v"(b),"v"(c)); } n+=100000.*16*32; }while(now()-t0<secs);
    __m512 s=_mm512_setzero_ps(); s=_mm512_add_ps(s,a0);s=_mm512_add_ps(s,a1);s=_mm512_add_ps(s,a2);s=_mm512_add_ps(s,a3);s=_mm512_add_ps(s,a4);s=_mm512_add_ps(s,a5);s=_mm512_add_ps(s,a6);s=_mm512_add_ps(s,a7);s=_mm512_add_ps(s,a8);s=_mm512_add_ps(s,a9);s=_mm512_add_ps(s,a10);s=_mm512_add_ps(s,a11);s=_mm512_add_ps(s,a12);s=_mm512_add_ps(s,a13);s=_mm512_add_ps(s,a14);s=_mm512_add_ps(s,a15); float tmp[16]; _mm512_storeu_ps(tmp,s); sink[omp_get_thread_num()]=tmp[0]; fl+=n; }
  return fl/(now()-t0)*1e-9; }
static double fma256(int nt,double secs){ double fl=0,t0=now();
  #pragma omp parallel num_threads(nt) reduction(+:fl)
  { __m256 a0=_mm256_set1_ps(0e-3f);__m256 a1=_mm256_set1_ps(1e-3f);__m256 a2=_mm256_set1_ps(2e-3f);__m256 a3=_mm256_set1_ps(3e-3f);__m256 a4=_mm256_set1_ps(4e-3f);__m256 a5=_mm256_set1_ps(5e-3f);__m256 a6=_mm256_set1_ps(6e-3f);__m256 a7=_mm256_set1_ps(7e-3f);__m256 a8=_mm256_set1_ps(8e-3f);__m256 a9=_mm256_set1_ps(9e-3f);__m256 a10=_mm256_set1_ps(10e-3f);__m256 a11=_mm256_set1_ps(11e-3f);__m256 a12=_mm256_set1_ps(12e-3f);__m256 a13=_mm256_set1_ps(13e-3f); __m256 b=_mm256_set1_ps(0.999f),c=_mm256_set1_ps(1e-6f);
    double n=0; do{ for(int k=0;k<100000;k++){ __asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a0):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a1):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a2):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a3):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a4):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a5):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a6):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a7):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a8):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a9):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a10):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a11):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a12):"v"(b),"v"(c));__asm__ volatile("vfmadd213ps %2,%1,%0":"+v"(a13):"v"(b),"v"(c)); } n+=100000.*14*16; }while(now()-t0<secs);
    __m256 s=_mm256_setzero_ps(); s=_mm256_add_ps(s,a0);s=_mm256_add_ps(s,a1);s=_mm256_add_ps(s,a2);s=_mm256_add_ps(s,a3);s=_mm256_add_ps(s,a4);s=_mm256_add_ps(s,a5);s=_mm256_add_ps(s,a6);s=_mm256_add_ps(s,a7);s=_mm256_add_ps(s,a8);s=_mm256_add_ps(s,a9);s=_mm256_add_ps(s,a10);s=_mm256_add_ps(s,a11);s=_mm256_add_ps(s,a12);s=_mm256_add_ps(s,a13); float tmp[16]; _mm256_storeu_ps(tmp,s); sink[omp_get_thread_num()]=tmp[0]; fl+=n; }
  return fl/(now()-t0)*1e-9; }
static double clk(void){ // dependent add chain: 1 add/cycle -> core clock
  double t0=now(); unsigned long x=1; for(long i=0;i<300000000L;i++) __asm__ volatile("add $1,%0":"+r"(x)); double t=now()-t0; return 300e6/t*1e-9; }
#include <sys/resource.h>
static void cpu(double*busy,double*own){FILE*f=fopen("/proc/stat","r");long u,n,sy,id,io,irq,si,st=0;if(fscanf(f,"cpu %ld %ld %ld %ld %ld %ld %ld %ld",&u,&n,&sy,&id,&io,&irq,&si,&st)){}fclose(f);*busy=(u+n+sy+irq+si+st)/100.0;struct rusage r;getrusage(RUSAGE_SELF,&r);*own=r.ru_utime.tv_sec+r.ru_stime.tv_sec+1e-6*(r.ru_utime.tv_usec+r.ru_stime.tv_usec);}
int main(int ac,char**av){ double b0,o0,b1,o1,w0=now();cpu(&b0,&o0); int nt=ac>1?atoi(av[1]):1; omp_set_num_threads(nt); openblas_set_num_threads(nt);
  char*l=NULL; FILE*f=fopen("/proc/loadavg","r"); size_t z=0; if(f){getline(&l,&z,f);fclose(f);} 
  printf("threads %d openblas core=%s load %s",nt,openblas_get_corename(),l);
  printf("core_clock_GHz(dependent add) %.2f\n",clk());
  if(__builtin_cpu_supports("avx512f"))printf("fma512_GFLOPs %.1f\n",fma512(nt,1.0)); printf("fma256_GFLOPs %.1f\n",fma256(nt,1.0));
  int sz[]={1024,2048,4096};
  for(int s=0;s<3;s++){ int n=sz[s]; float*A=aligned_alloc(64,4l*n*n),*B=aligned_alloc(64,4l*n*n),*C=aligned_alloc(64,4l*n*n),*D=aligned_alloc(64,4l*n*n);
    for(long i=0;i<(long)n*n;i++){A[i]=(float)rand()/RAND_MAX-.5f;B[i]=(float)rand()/RAND_MAX-.5f;C[i]=D[i]=0;}
    double fl=2.0*n*n*n*1e-9; double best=0,best2=0; int reps=n==4096?3:n==2048?8:30;
    for(int r=0;r<reps;r++){double t=now();cblas_sgemm(CblasRowMajor,CblasNoTrans,CblasNoTrans,n,n,n,1,A,n,B,n,0,C,n);t=now()-t;if(fl/t>best)best=fl/t;}
    for(int r=0;r<reps;r++){double t=now();dnnl_sgemm('N','N',n,n,n,1,A,n,B,n,0,D,n);t=now()-t;if(fl/t>best2)best2=fl/t;}
    // correctness: rows sampled in double
    double e1=0,e2=0; for(int q=0;q<50;q++){int i=rand()%n,j=rand()%n;double d=0;for(int k=0;k<n;k++)d+=(double)A[(long)i*n+k]*B[(long)k*n+j];e1=fmax(e1,fabs(d-C[(long)i*n+j]));e2=fmax(e2,fabs(d-D[(long)i*n+j]));}
    printf("sgemm n=%d openblas %.1f GFLOP/s (maxerr %.1e)  onednn %.1f GFLOP/s (maxerr %.1e)\n",n,best,e1,best2,e2); fflush(stdout);
    free(A);free(B);free(C);free(D);} cpu(&b1,&o1); printf("other processes used %.2f cores on average during this run\n",((b1-b0)-(o1-o0))/(now()-w0)); return 0; }
