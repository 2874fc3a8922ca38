"""Reference numbers of test/priors/mixtureField.test.ts: mpmath, 40 digits. Run: python3 test/priors/references.py"""
from mpmath import *
mp.dps=40
def mmse_gb(rho,r):
    rho=mpf(rho); r=mpf(r)
    f=lambda y: npdf(y)*y*y/(1+exp(-(log(rho/(1-rho))-log(1+r)/2+y*y*r/(2*(1+r)))))
    # closed form: rho/(1+r)+ r/(1+r)^2 (1-rho) int Dy pi(y) y^2 : y is b/sqrt(r) under the spike
    ys=sqrt(max(0,2*(1+r)/r*(log((1-rho)/rho)+log(1+r)/2))) if r>0 else 0
    pts=sorted(set([0,1,2,4,8,16,32]+[ys, ys+1, ys+3,max(0,ys-.5),max(0,ys-2)]))
    return rho/(1+r)+ r/(1+r)**2*(1-rho)*2*quad(f,pts)
def mmse_bin(r):
    r=mpf(r)
    # e^{-r/2}/sqrt(2 pi r) int e^{-b^2/2r} e^b sech(b)^2 db, whose even part is sech(b): no narrow feature is left
    f=lambda b: exp(-b*b/(2*r))*sech(b)
    return 2*exp(-r/2)/sqrt(2*pi*r)*quad(f,[sqrt(r)*k/8 for k in range(0,200)] if r<1 else list(range(0,12))+[15,20,30,40,60,80,100])
for rho in ['0.001','0.2','0.7','0.999']:
    for r in ['1e-6','0.01','1','30','1e4','1e8','1e12']:
        print('[%s,%s,%s],'%(rho,r,nstr(mmse_gb(rho,r),20)))
print()
for r in ['1e-3','0.5','2','10','50','200','600']:
    print('[%s,%s],'%(r,nstr(mmse_bin(r),20)))
