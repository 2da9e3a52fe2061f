import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import Imagenette
from torchvision.models import regnet_y_400mf
from torchvision.transforms import v2

train_tf = v2.Compose([
    v2.RandomResizedCrop(112), v2.RandomHorizontalFlip(), v2.PILToTensor(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
])
loader = DataLoader(Imagenette("data", split="train", size="160px", transform=train_tf), 64, shuffle=True, drop_last=True)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
net = regnet_y_400mf(weights=None, num_classes=10).to(device)
criterion = nn.CrossEntropyLoss()
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
scaler = torch.amp.GradScaler(device.type, enabled=device.type == "cuda")

for epoch in range(5):
    net.train()
    for images, target in loader:
        images, target = images.to(device), target.to(device)
        with torch.autocast(device.type, enabled=device.type == "cuda"):
            loss = criterion(net(images), target)
        scaler.scale(loss).backward()
        scaler.unscale_(opt)
        torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm=1.0)
        opt.zero_grad(set_to_none=True)
        scaler.step(opt)
        scaler.update()
    print(epoch, loss.item())
