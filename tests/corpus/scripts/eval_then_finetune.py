import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models

weights = models.EfficientNet_B0_Weights.IMAGENET1K_V1
net = models.efficientnet_b0(weights=weights)
net.eval()

# does it still know what it knew?
clouds = datasets.ImageFolder("clouds", transform=weights.transforms())
with torch.no_grad():
    top = net(clouds[0][0].unsqueeze(0)).softmax(1).topk(3)
print([weights.meta["categories"][i] for i in top.indices[0].tolist()])

# now for our three kinds of cloud
net.classifier[1] = nn.Linear(1280, len(clouds.classes))
loader = DataLoader(clouds, batch_size=8, shuffle=True)
opt = torch.optim.AdamW(net.parameters(), lr=2e-4, weight_decay=1e-2)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(12):
    running = 0.0
    for x, y in loader:
        opt.zero_grad()
        loss = loss_fn(net(x), y)
        loss.backward()
        opt.step()
        running += loss.item()
    print(f"epoch {epoch}: {running / len(loader):.4f}")
torch.save(net.state_dict(), "clouds.pt")
