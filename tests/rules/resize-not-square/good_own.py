from pathlib import Path
import torch
from PIL import Image
from torch.utils.data import Dataset, DataLoader
from torchvision import models, transforms

class Mushrooms(Dataset):
    def __init__(self, root, tf):
        self.files = sorted(Path(root).glob('*/*.jpg'))
        self.names = sorted({f.parent.name for f in self.files})
        self.tf = tf
    def __len__(self):
        return len(self.files)
    def __getitem__(self, i):
        f = self.files[i]
        return self.tf(Image.open(f).convert('RGB')), self.names.index(f.parent.name)

tf = transforms.Compose([
    transforms.Resize((256, 256)),
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
ds = Mushrooms('shrooms', tf)
dl = DataLoader(ds, batch_size=16, shuffle=True)
net = models.efficientnet_b0(weights='DEFAULT')
net.classifier[1] = torch.nn.Linear(1280, 9)
opt = torch.optim.Adam(net.parameters(), 1e-4)
for x, y in dl:
    opt.zero_grad()
    torch.nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
