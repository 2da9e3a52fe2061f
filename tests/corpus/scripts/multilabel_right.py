import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.rand(64, 3, 48, 48)
y = (torch.rand(64, 6) > 0.7).float()
loader = DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True)
model = nn.Sequential(
    nn.Conv2d(3, 16, 3, 2), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 32, 3, 2), nn.BatchNorm2d(32), nn.ReLU(),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(32, 6))
loss_fn = nn.BCEWithLogitsLoss(pos_weight=torch.full((6,), 2.0))
opt = torch.optim.Adam(model.parameters(), 1e-3)
for epoch in range(3):
    model.train()
    for xb, yb in loader:
        opt.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        tags = torch.sigmoid(model(x)) > 0.5
    print(epoch, (tags == y.bool()).float().mean().item())
