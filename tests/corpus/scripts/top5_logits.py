import torch
from torch.utils.data import DataLoader
from torchvision.datasets import Flowers102
from torchvision.models import ResNet18_Weights, resnet18


def accuracy(output, target, topk=(1,)):
    """Precision@k for the given values of k."""
    with torch.no_grad():
        maxk = max(topk)
        _, pred = output.topk(maxk, 1, True, True)
        correct = pred.t().eq(target.view(1, -1).expand(maxk, -1))
        return [correct[:k].reshape(-1).float().sum().item() * 100.0 / len(target) for k in topk]


weights = ResNet18_Weights.DEFAULT
net = resnet18(weights=None, num_classes=102)
net.eval()
loader = DataLoader(Flowers102("flowers", split="test", transform=weights.transforms(), download=True), batch_size=64)
per_class = torch.zeros(102, 2)
acc1 = acc5 = n = 0.0
with torch.no_grad():
    for images, target in loader:
        output = net(images)
        a1, a5 = accuracy(output, target, topk=(1, 5))
        acc1, acc5, n = acc1 + a1 * len(target), acc5 + a5 * len(target), n + len(target)
        for t, p in zip(target, output.argmax(1)):
            per_class[t, 0] += (t == p)
            per_class[t, 1] += 1
print(f"Acc@1 {acc1 / n:.2f} Acc@5 {acc5 / n:.2f}")
