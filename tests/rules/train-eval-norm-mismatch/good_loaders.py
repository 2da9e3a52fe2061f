import torch, torchvision
from torchvision import transforms as T
def loaders(bs):
    tr = T.Compose([T.RandomCrop(32, padding=4), T.ToTensor(), T.Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))])
    te = T.Compose([T.ToTensor(), T.Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))])
    a = torchvision.datasets.CIFAR10('c', True, tr, download=True)
    b = torchvision.datasets.CIFAR10('c', False, te, download=True)
    return torch.utils.data.DataLoader(a, bs, True), torch.utils.data.DataLoader(b, bs)
