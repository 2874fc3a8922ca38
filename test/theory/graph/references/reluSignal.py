"""alpha(r) of noiseless phase retrieval of s = relu(W z), k/d = 0.1: GAMP for the layer, quadrature of its own. Used by signalBlock.test.ts."""
# relu generative prior, k/d=0.1, noiseless phase retrieval; inner SE by GAMP on h = W z with channel x = relu(h)+N(0,1/r)
import numpy as np
from scipy.special import log_ndtr, ndtr
from numpy.polynomial.legendre import leggauss
X,Wt=leggauss(10)
def comp(br):
    br=np.array(br); h=(br[1:]-br[:-1])/2; m=(br[1:]+br[:-1])/2
    return (m[:,None]+h[:,None]*X).ravel(), (h[:,None]*Wt).ravel()
phi=lambda x: np.exp(-x*x/2)/np.sqrt(2*np.pi)
def blocks(V,r,tau=1.0):
    q=tau-V; D=1/r
    s=np.sqrt(V); S=V+D
    om,wo=comp(np.concatenate([np.linspace(-8.5*np.sqrt(q),-8*s,25) if 8*s<8.5*np.sqrt(q) else [-8.5*np.sqrt(q)], np.linspace(-8*s,8*s,33)[1:] if 8*s<8.5*np.sqrt(q) else [0], (np.linspace(8*s,8.5*np.sqrt(q),25)[1:] if 8*s<8.5*np.sqrt(q) else [8.5*np.sqrt(q)])]) if 8*s<8.5*np.sqrt(q) else np.linspace(-8.5*np.sqrt(q),8.5*np.sqrt(q),49))
    wo=wo*phi(om/np.sqrt(q))/np.sqrt(q)
    J=0; vx=0
    d=np.sqrt(D)
    for o,w in zip(om,wo):
        if w<1e-18: continue
        lo=min(-9*d,o-9*np.sqrt(S)); hi=max(9*d,o+9*np.sqrt(S))
        br=np.unique(np.concatenate([np.linspace(-9*d,9*d,19),np.linspace(o-9*np.sqrt(S),o+9*np.sqrt(S),37)]))
        y,wy=comp(br)
        Z0=ndtr(-o/s)*phi(y/d)/d
        u=(o*D+V*y)/np.sqrt(S*V*D)
        N1=phi((y-o)/np.sqrt(S))/np.sqrt(S)
        Z1=N1*ndtr(u); Z=Z0+Z1
        dZ=N1*ndtr(u)*(y-o)/S-(V/S)*phi(o/s)/s*phi(y/d)/d
        # posterior of x: 0 w.p. Z0/Z, else truncated normal mean m=(oD+Vy)/S var VD/S
        vv=V*D/S; m=(o*D+V*y)/S; sv=np.sqrt(vv)
        ra=np.exp(-u*u/2-log_ndtr(u))/np.sqrt(2*np.pi)
        m1=m+sv*ra; m2=m*m+vv+m*sv*ra
        ok=Z>1e-290
        p=np.where(ok,Z1/np.where(ok,Z,1),0)
        J+=w*np.sum(np.where(ok,wy*dZ**2/np.where(ok,Z,1),0))
        vx+=w*np.sum(wy*Z*(p*m2-(p*m1)**2))
    return J,vx
def G(u):
    # E b^2 sech(sqrt(u) b c)
    b,wb=comp(np.linspace(-9,9,41)); wb=wb*phi(b)
    return np.sum(wb[:,None]*wb[None,:]*b[:,None]**2/np.cosh(np.sqrt(u)*b[:,None]*b[None,:]))
c=0.1
def alpha(r):
    V=0.5
    for _ in range(60):
        J,vx=blocks(V,r); Vn=1/(1+J/c)
        if abs(Vn-V)<1e-9*V: break
        V=Vn
    Jc=(1/vx)*(1-np.sqrt(vx/0.5)*G(1-vx/0.5))
    return r/Jc, vx
for u in [0.5,0.0,0.35,0.6]:
    print(u, alpha(np.exp(u)), flush=True)
