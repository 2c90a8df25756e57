"""Muon: momentum whose matrices are brought near to orthogonal ones, for the weights between states."""
import torch


@torch.no_grad()
def orthogonal(g, steps=5):
    """Five Newton-Schulz steps in bfloat16 on matrices [..., rows, columns]."""
    x = g.bfloat16()
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        a = x @ x.mT
        x = 3.4445 * x + (-4.775 * a + 2.0315 * a @ a) @ x
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr, momentum=0.95, weight_decay=0.01):
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            same = {}
            for p in group["params"]:
                if p.grad is not None:
                    same.setdefault(p.shape, []).append(p)
            for shape, params in same.items():
                for p in params:
                    self.state[p].setdefault("momentum", torch.zeros_like(p))
                held = [self.state[p]["momentum"] for p in params]
                grads = [p.grad for p in params]
                torch._foreach_mul_(held, group["momentum"])
                torch._foreach_add_(held, grads)
                ahead = torch.stack([g + group["momentum"] * m for g, m in zip(grads, held)])
                update = orthogonal(ahead).to(params[0].dtype) * max(1, shape[0] / shape[1]) ** 0.5
                torch._foreach_mul_(params, 1 - group["lr"] * group["weight_decay"])
                torch._foreach_add_(params, list(update.unbind(0)), alpha=-group["lr"])
