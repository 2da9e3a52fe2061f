import torch
from torch import nn
import torch.nn.functional as F
from torchvision import datasets, transforms


class AEClassifier(nn.Module):
    def __init__(self, dim=32, classes=10):
        super().__init__()
        self.enc = nn.Sequential(nn.Conv2d(1, 16, 4, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 4, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(1568, dim))
        self.dec_in = nn.Linear(dim, 1568)
        self.dec = nn.Sequential(
            nn.Unflatten(1, (32, 7, 7)), nn.ReLU(),
            nn.ConvTranspose2d(32, 16, 4, 2, 1), nn.ReLU(),
            nn.ConvTranspose2d(16, 1, 4, 2, 1), nn.Sigmoid())
        self.cls = nn.Sequential(nn.ReLU(), nn.Linear(dim, classes))

    def forward(self, x):
        z = self.enc(x)
        return self.dec(self.dec_in(z)), self.cls(z)


model = AEClassifier()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
loader = torch.utils.data.DataLoader(datasets.MNIST(".", download=True, transform=transforms.ToTensor()), 128, shuffle=True)
for epoch in range(3):
    rec_sum = cls_sum = 0.0
    for x, y in loader:
        x_hat, logits = model(x)
        rec, cls = F.mse_loss(x_hat, x), F.cross_entropy(logits, y)
        opt.zero_grad()
        (rec + 0.1 * cls).backward()
        opt.step()
        rec_sum += rec.item()
        cls_sum += cls.item()
    print(epoch, rec_sum, cls_sum)
